"""What an answer needs: free help, a counter note, its keeper, and whether it only leads elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('listed', sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('free_help', sa.JSON(), server_default='[]', nullable=False)
        )
        batch_op.add_column(sa.Column('note', sa.String(), nullable=True))
        for name in ('law_changed', 'stub'):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        for name in ('owner', 'review_by'):
            batch_op.add_column(sa.Column(name, sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('articles', schema=None) as batch_op:
        for name in ('review_by', 'owner', 'stub', 'law_changed', 'note', 'free_help'):
            batch_op.drop_column(name)
    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.drop_column('listed')
