// Four comforts. Every page works without them.

// A menu closes when the reader turns to something else.
const openMenus = () => document.querySelectorAll("details.cp-menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Times are told in the zone of the reader's device, from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`clearpath_zone=${zone}`)) {
  document.cookie = `clearpath_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// What was said in answer to an act is brought into view.
const notice = document.getElementById("notice");
if (notice) {
  new MutationObserver(() => {
    if (!notice.childElementCount) return;
    notice.scrollIntoView({ block: "nearest" });
    notice.focus({ preventScroll: true });
  }).observe(notice, { childList: true });
}

// A phrase is put where one wrote last.
let lastText = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text]")) lastText = event.target;
});
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-cp-phrase]");
  if (!phrase || !lastText) return;
  lastText.setRangeText(phrase.textContent, lastText.selectionStart, lastText.selectionEnd, "end");
  lastText.focus();
});
