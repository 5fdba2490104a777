"""What man pages say beside the help: exit codes, files, variables, examples."""

from __future__ import annotations

from xentcli.errors import ExitStatus

_EXITS = {
    ExitStatus.OK: "Done, and every gate is met (or --exit-zero was given).",
    ExitStatus.GATE: "A gate is not met, and nothing else is wrong.",
    ExitStatus.ERROR: "It could not be done: options, files or data that are wrong, or a limit of the machine.",
    ExitStatus.INTERRUPTED: "Interrupted. Nothing half written is left behind.",
    ExitStatus.TERMINATED: "Terminated, likewise.",
}
STREAMS = "Results go to standard output; errors, warnings and progress go to standard error."

VARIABLES = {
    "NO_COLOR": "If not empty: no colours, and no bold help.",
    "FORCE_COLOR": "If not empty: colours also where the output is no terminal. NO_COLOR wins.",
    "TERM": "With dumb, no colours.",
    "COLUMNS": "How wide tables and help are on a terminal. By default as wide as that is.",
    "LC_ALL, LC_CTYPE, LANG": "The encoding of what is written. Characters that it lacks are written as escapes.",
    "AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN": "Credentials for s3:// URIs.",
    "AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_CA_BUNDLE": "Where s3:// URIs lead.",
    "GOOGLE_APPLICATION_CREDENTIALS": "The file of credentials for gs:// URIs.",
}
SHELL_VARIABLES = {
    "_XENT_COMPLETE": "With bash_source, zsh_source or fish_source, print the completion of that shell and exit. "
    "The completion itself asks by bash_complete and the like.",
    "HOME, ZDOTDIR, XDG_CONFIG_HOME": "Where --install-completion finds the start-up files of the shells.",
}

FILES = {
    "pyproject.toml": "Its table tool.xent holds options and gates by their long names; a table in it with the name of "
    "a command, such as tool.xent.eval, holds those of that alone. The nearest file that has it counts, from the "
    "working directory up. What the command line says wins.",
    "FILE.toml": "The same at the top of a file, or in its table tool.xent, where --config names it.",
}
SHELL_FILES = {
    "~/.bash_completions/xent.sh, ~/.bashrc": "What --install-completion writes in bash, and the line that it adds.",
    "~/.zfunc/_xent, ~/.zshrc": "The same in zsh.",
    "~/.config/fish/completions/xent.fish": "The same in fish.",
}


def exits_of(name: str) -> dict[ExitStatus, str]:
    """Return what each exit code of a command means; `xent inspect` has no gates."""
    if name != "xent inspect":
        return _EXITS
    return {code: text for code, text in _EXITS.items() if code is not ExitStatus.GATE} | {ExitStatus.OK: "Done."}


# What each is for, and the command; they run in sample_data/ (tests/cli/test_man_pages.py).
EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "xent": [
        ("The loss of predictions, class by class:", "xent eval cancer.csv cancer_labels.csv"),
        ("What would be read, before anything is scored:", "xent inspect cancer.csv cancer_labels.csv"),
        (
            "A metric as the shell completes it (xent --install-completion):",
            "xent eval cancer.csv cancer_labels.csv --max class/malignant/loss=0.2",
        ),
    ],
    "eval": [
        ("Predictions and labels, row by row:", "xent eval cancer.csv cancer_labels.csv"),
        ("Logits, in bits:", "xent eval wine_logits.csv wine_labels.csv --input logits --unit bits"),
        ("By a key, whatever the order and the format:", "xent eval cancer.parquet cancer_labels.csv --on patient"),
        ("The same figures for every slice:", "xent eval digits_forest.csv digits_labels.csv --by half"),
        ("Fail in a pipeline if the loss is above 0.1:", "xent eval cancer.csv cancer_labels.csv --max loss=0.1"),
        (
            "Keep a result, and fail if a later one is more than 5 % worse:",
            "xent eval cancer.csv cancer_labels.csv -f json -o baseline.json\n"
            "xent eval cancer.csv cancer_labels.csv --baseline baseline.json \\\n    --max-increase loss=5%",
        ),
    ],
    "inspect": [
        ("Which column is what, and what is doubtful:", "xent inspect cancer.csv cancer_labels.csv"),
        ("The same as data:", "xent inspect cancer.parquet cancer_labels.parquet -f json"),
    ],
}
