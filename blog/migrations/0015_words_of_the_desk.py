from django.db import migrations, models


class Migration(migrations.Migration):
    """Calls redirects 転送, apart from the permalinks of articles, and the title タイトル everywhere."""

    dependencies = [("blog", "0014_audit")]

    operations = [
        migrations.AlterModelOptions(
            "permalink", {"ordering": ("path",), "verbose_name": "転送", "verbose_name_plural": "転送"}
        ),
        migrations.AlterField(
            "post",
            "is_sponsored",
            models.BooleanField(
                default=False,
                help_text="対価を受けて載せる記事です。タイトルに「PR」を付け、サイト外へのリンクを広告リンクにします。",
                verbose_name="PR記事",
            ),
        ),
    ]
