"""
`smm completion`: commands, options and plan files at the press of Tab.
"""

from __future__ import annotations

import click

from smmlib.cli._setup import json_option
from smmlib.cli._text import answer

_HELP = """
Print a script that completes commands and files.

\b
bash:  smm completion bash >> ~/.bashrc
zsh:   smm completion zsh >> ~/.zshrc
fish:  smm completion fish > ~/.config/fish/completions/smm.fish
"""


@click.command(help=_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@json_option
@click.pass_context
def completion(context: click.Context, shell: str, *, as_json: bool) -> None:
    """
    Print a script that completes commands and files.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    script = kind(context.find_root().command, {}, "smm", "_SMM_COMPLETE").source()
    answer({"shell": shell, "script": script}, as_json=as_json, text=script)
