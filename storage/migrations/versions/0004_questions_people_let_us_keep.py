"""Questions people let us keep, who waits for an answer, and texts older than the Bulgarian one."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'kept_questions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.Column('seal_row', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('kept_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_kept_questions'),
    )
    with op.batch_alter_table('kept_questions', schema=None) as batch_op:
        batch_op.create_index('ix_kept_questions_kept_on', ['kept_on'])
    op.create_table(
        'awaiting',
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('visitor_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['question_id'], ['kept_questions.id'], name='fk_awaiting_question_id_kept_questions'
        ),
        sa.ForeignKeyConstraint(
            ['visitor_id'], ['visitors.id'], name='fk_awaiting_visitor_id_visitors'
        ),
        sa.PrimaryKeyConstraint('question_id', 'visitor_id', name='pk_awaiting'),
    )
    with op.batch_alter_table('awaiting', schema=None) as batch_op:
        batch_op.create_index('ix_awaiting_visitor_id', ['visitor_id'])
    with op.batch_alter_table('article_texts', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('stale', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_in', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.drop_column('told_in')
    with op.batch_alter_table('article_texts', schema=None) as batch_op:
        batch_op.drop_column('stale')
    op.drop_table('awaiting')
    op.drop_table('kept_questions')
