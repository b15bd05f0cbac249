"""Points that were taken over before their way back was kept: it is worked out from the file and its round."""

from django.db import migrations


def lead_back(apps, schema_editor):
    Point = apps.get_model("intake", "Point")
    Report = apps.get_model("reporting", "Report")
    for point in Point.objects.filter(report__isnull=True).exclude(statement="").select_related("upload"):
        upload = point.upload
        report = Report.objects.filter(round_id=upload.round_id, unit_id=upload.unit_id).first()
        words = upload.text[point.start : point.end]
        if report is None or not words:
            continue
        point.report, point.taken, point.taken_at = report, words, upload.received_at
        point.save(update_fields=["report", "taken", "taken_at"])


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_points_lead_back")]

    operations = [migrations.RunPython(lead_back, migrations.RunPython.noop)]
