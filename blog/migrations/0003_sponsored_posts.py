from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0002_publish_permission"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="is_sponsored",
            field=models.BooleanField(
                default=False,
                help_text="対価を受けて載せる記事です。題名に「PR」を付け、サイト外へのリンクを広告リンクにします。",
                verbose_name="PR記事",
            ),
        ),
    ]
