"""Indonesian is the language of the house; English is a choice, not a guess from the browser."""


def test_language_is_indonesian_whatever_the_browser_prefers(client, db):
    page = client.get("/akun/masuk/", headers={"accept-language": "en-US,en;q=0.9"})

    assert page.headers["Content-Language"] == "id"
    assert '<html lang="id">' in page.content.decode()


def test_language_follows_the_choice(client, db):
    client.post("/bahasa/", {"language": "en", "next": "/akun/masuk/"})

    page = client.get("/akun/masuk/")

    assert '<html lang="en">' in page.content.decode()


def test_language_of_a_forged_cookie_is_passed_over(client, db):
    client.cookies["django_language"] = "xx"

    assert client.get("/akun/masuk/").headers["Content-Language"] == "id"
