from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0016_preview_links")]

    operations = [
        migrations.RemoveConstraint(model_name="post", name="post_url_unique"),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("url_date__isnull", False)),
                fields=("url_date", "slug"),
                name="post_url_unique",
                violation_error_message="同じ日付とURL名の記事がすでにあります。URL名を変えてください。",
            ),
        ),
    ]
