import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("credit_limit_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(default="CAD", max_length=3)),
                ("payment_days", models.PositiveSmallIntegerField(default=30)),
                ("agreed_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_agreement",
                        to="accounts.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerTransaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=100)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "order",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="orders.order"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("account", models.CharField(max_length=40)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CAD", max_length=3)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="payments.ledgertransaction",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="ledgertransaction",
            constraint=models.UniqueConstraint(fields=("customer", "key"), name="ledger_once"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="ledger_entry_not_zero"
            ),
        ),
        *walls.customer_wall("payments_accountagreement", "payments_ledgertransaction", "payments_ledgerentry"),
        *walls.same_customer("payments_ledgertransaction", order_id="orders_order"),
        *walls.same_customer("payments_ledgerentry", transaction_id="payments_ledgertransaction"),
        *walls.append_only("payments_ledgertransaction", "payments_ledgerentry"),
        migrations.RunSQL(
            """
            CREATE FUNCTION econcierge_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT 1 FROM payments_ledgerentry WHERE transaction_id = NEW.transaction_id
                    GROUP BY currency HAVING sum(amount_minor) <> 0
                ) THEN
                    RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON payments_ledgerentry
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION econcierge_ledger_balances();
            """,
            "DROP TRIGGER balances ON payments_ledgerentry; DROP FUNCTION econcierge_ledger_balances();",
        ),
    ]
