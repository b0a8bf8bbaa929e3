"""What the desk calls each kind of finding."""

NAMES = {
    "marker": "残った目印・生成文の残骸",
    "fence": "閉じていないコード・コメント・タグ",
    "cut": "途中で終わる本文",
    "repeat": "段落の繰り返し",
    "dead_link": "つながらないリンク",
    "missing_image": "見つからない画像",
    "empty_body": "本文がない",
    "empty_excerpt": "リード文がない",
    "head_repeat": "タイトルの繰り返し",
    "cut_inside": "途中で切れた段落",
    "starts_inside": "文の途中から始まる段落",
    "run_on": "長すぎる段落",
    "bold": "閉じていない太字",
    "markup": "タイトル・リード文の記号",
    "h1": "本文の大見出し",
    "jump": "見出しの段の飛び",
    "empty_section": "中身のない見出し",
    "title_long": "長いタイトル",
    "title_used": "ほかの記事と同じタイトル",
    "title_suffix": "タイトルの決まり文句",
    "year": "タイトルの年の違い",
    "excerpt_template": "ひな形のままのリード文",
    "alt": "代替テキストのない画像",
    "external_image": "表示されない外部の画像",
    "foreign": "文字化け・外国の文字",
    "width": "全角と半角の混在",
    "house_word": "用語集の語",
    "stands_elsewhere": "ほかの記事と同じ段落",
}


def name_of(code: str) -> str:
    return NAMES.get(code, code)
