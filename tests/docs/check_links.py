#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Follows every relative link of every document in the checkout: the file must be there, and after # the heading.
The last line is `N passed, N failed`."""
import os
import re
import sys


def documents():
    for folder, folders, files in os.walk("."):
        folders[:] = sorted(f for f in folders if f not in ("build", ".git"))
        for name in sorted(files):
            if name.endswith(".md"):
                yield os.path.relpath(os.path.join(folder, name))


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return re.sub(r"```.*?\n```|`[^`\n]*`", "", file.read(), flags=re.S)


def anchors(path):
    """Headings as the usual renderers name them."""
    with open(path, encoding="utf-8") as file:
        headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?\n```", "", file.read(), flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def is_there(document, link):
    path, _, anchor = link.partition("#")
    target = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
    if not os.path.exists(target):
        return False
    return not anchor or (target.endswith(".md") and anchor in anchors(target))


def main():
    passed = failed = 0
    for document in documents():
        for link in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
            if re.match(r"[a-z]+:", link):
                continue
            good = is_there(document, link)
            passed += good
            failed += not good
            if not good:
                print(f"{document}: the link {link} leads nowhere")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
