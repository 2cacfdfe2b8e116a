"""
`python -m smmlib` is the command `smm`.
"""

from __future__ import annotations

from smmlib.cli import main

if __name__ == "__main__":
    main()
