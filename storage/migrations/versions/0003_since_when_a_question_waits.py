"""Since when a question waits for whoever has it."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('waits_since', sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.create_index('ix_cases_waits_since', ['waits_since'])
    op.execute("UPDATE cases SET waits_since = opened_at WHERE state = 'open'")


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_waits_since')
        batch_op.drop_column('waits_since')
