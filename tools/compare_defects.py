"""Our counts of defects beside those that another checker counted in the same files.

    .venv/bin/python tools/compare_defects.py FOLDER [FILE...]

FOLDER holds FHIR bundles and a MANIFEST.md with a table: file names in its first column, R4 and IPS defects in the
ninth and tenth. Files named after it are listed defect by defect.
"""

import sys
from collections import Counter
from pathlib import Path

from clearpath.records.check import Finding, check


def main() -> None:
    folder, named = Path(sys.argv[1]), sys.argv[2:]
    print(f"{'file':<58}{'R4':>5}{'ours':>5}{'IPS':>6}{'ours':>5}  rules of ours")
    same = 0
    for name, r4, ips in told_by(folder):
        if named and not any(each in name for each in named):
            continue
        found = errors((folder / name).read_bytes(), ips)
        ours = [sum(each.gate < 3 for each in found), sum(each.gate == 3 for each in found)]
        equal = [str(each) for each in ours] == [r4, ips if ips != "-" else "0"]
        same += equal
        rules = ", ".join(f"{rule} {count}" for rule, count in Counter(each.rule for each in found).items())
        print(f"{' ' if equal else '*'} {name[:54]:<56}{r4:>5}{ours[0]:>5}{ips:>6}{ours[1]:>5}  {rules}")
        for each in found if named else []:
            print(f"      {each.rule:<20} {each.path}: {each.says}")
    print(f"{same} files with the same counts")


def told_by(folder: Path) -> list[tuple[str, str, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in (folder / "MANIFEST.md").read_text().splitlines()]
    return [(row[1], row[9], row[10]) for row in rows if len(row) > 10 and row[1].endswith(".json")]


def errors(content: bytes, ips: str) -> list[Finding]:
    found = check(content, profile="r4" if ips == "-" else "ips")
    return [each for each in found if each.severity == "error"]


if __name__ == "__main__":
    main()
