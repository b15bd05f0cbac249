"""The database itself refuses to change or delete what was written."""

from django.db import migrations

from nennep.journal.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]
    operations = [refuse_changes("planning_planversion", "planning_planstep", "planning_progress", "planning_handover", "planning_clauseanswer")]
