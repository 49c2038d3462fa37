"""Earlier answers of those who want them remembered, and the index of their words"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SQLITE = (
    """create virtual table remembered_words using fts5(
        answer_id unindexed, question, answer, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """create trigger remembered_words_added after insert on remembered_answers begin
        insert into remembered_words(answer_id, question, answer) values (new.id, new.question, new.answer); end""",
    """create trigger remembered_words_gone after delete on remembered_answers begin
        delete from remembered_words where answer_id = old.id; end""",
)
POSTGRESQL = (
    """create table remembered_words (
        answer_id uuid primary key references remembered_answers(id) on delete cascade, words tsvector not null)""",
    "create index ix_remembered_words_words on remembered_words using gin (words)",
    """create function index_remembered_words() returns trigger language plpgsql as $$ begin
        insert into remembered_words(answer_id, words)
        values (new.id, to_tsvector('english', new.question || ' ' || new.answer)); return null; end $$""",
    """create trigger remembered_words_added after insert on remembered_answers
        for each row execute function index_remembered_words()""",
)


def upgrade() -> None:
    op.create_table(
        "memory_consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memory_consents_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_memory_consents")),
    )
    op.create_table(
        "remembered_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("competency", sa.String(length=30), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("lack", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vector_model", sa.String(length=60), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_remembered_answers_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_remembered_answers_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_answers")),
        sa.UniqueConstraint("session_id", "question_id", name="uq_remembered_answers_question"),
    )
    op.create_index(op.f("ix_remembered_answers_user_id"), "remembered_answers", ["user_id"], unique=False)
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table remembered_words")
    op.drop_table("remembered_answers")
    op.drop_table("memory_consents")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function index_remembered_words()")
