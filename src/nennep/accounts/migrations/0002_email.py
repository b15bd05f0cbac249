from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.AddField("person", "email", models.EmailField(blank=True, max_length=254))]
