// Reads a link and decrypts its files: JSON Web Encryption with `dir` and `A256GCM`, perhaps deflated.

const bytesOf = (base64url) =>
  Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

const textOf = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

// {url, key, flags, label}; throws when it is no link.
export const readLink = (text) => {
  const encoded = text.split("shlink:/")[1];
  const said = JSON.parse(textOf(bytesOf(encoded.trim())));
  const key = bytesOf(said.key);
  if (key.length !== 32 || typeof said.url !== "string" || (said.v ?? 1) !== 1) throw new Error("not a link");
  return { url: said.url, key, flags: String(said.flag ?? ""), label: String(said.label ?? "") };
};

const inflated = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// The text of an encrypted file; throws when the key does not open it.
export const decrypt = async (token, key) => {
  const [head, wrapped, iv, body, tag] = token.trim().split(".");
  const header = JSON.parse(textOf(bytesOf(head)));
  if (header.alg !== "dir" || header.enc !== "A256GCM" || wrapped) throw new Error("unknown encryption");
  const sealed = new Blob([bytesOf(body), bytesOf(tag)]);
  const secret = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: bytesOf(iv), additionalData: new TextEncoder().encode(head) };
  const content = new Uint8Array(await crypto.subtle.decrypt(how, secret, await sealed.arrayBuffer()));
  return textOf(header.zip === "DEF" ? await inflated(content) : content);
};
