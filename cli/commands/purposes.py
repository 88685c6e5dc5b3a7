"""What people come for, in the order in which they come for it, and the commands that each thing is done with."""

from archives.message import message
from cli.frame.commands import Purpose

PURPOSES: tuple[Purpose, ...] = (
    Purpose(message("开始", "Begin"), ("init", "repository", "fonds", "template", "doctor")),
    Purpose(message("接收档案", "Take records in"), ("ingest", "batch", "findings", "recognise")),
    Purpose(message("编目", "Describe what is held"), ("catalogue", "describe", "renumber", "print")),
    Purpose(message("查找和取用", "Find and hand out"), ("search", "show", "explain", "versions", "export")),
    Purpose(message("向公众开放", "Open to the public"), ("opening", "serve")),
    Purpose(message("保管副本", "Keep copies"), ("store", "replicate", "audit", "repair", "check", "restore-drill", "rebuild")),
    Purpose(message("销毁和冻结", "Dispose and hold"), ("dispose", "purge", "hold")),
    Purpose(message("可供验证", "Let others verify"), ("journal", "key", "person")),
    Purpose(message("日常运行", "Run it day by day"), ("status", "home", "index", "schedule", "metrics", "api-key", "upgrade")),
)  # fmt: skip

FIRST_STEPS = (
    message("jinkui init", "jinkui init"),
    message(
        "jinkui repository add 419001 --name 济源市档案馆", 'jinkui repository add 419001 --name "Jiyuan City Archives"'
    ),
    message("jinkui template batch 目录.xlsx", "jinkui template batch catalogue.xlsx"),
    message("jinkui ingest batches/2026-03 --dry-run", "jinkui ingest batches/2026-03 --dry-run"),
    message("jinkui search 防汛", "jinkui search flood"),
)
"""What somebody who has nothing yet does first."""
