from django.test import override_settings

from clearpath.config import preparing


def test_static_files_are_collected_once_and_again_when_one_changed(tmp_path, settings):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("a { color: black }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.HOME = tmp_path
    told = []

    with override_settings(
        STATICFILES_DIRS=[source], STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"]
    ):
        preparing.prepare_static_files(told.append)
        preparing.prepare_static_files(told.append)
        assert len(told) == 1

        (source / "page.css").write_text("a { color: maroon }")
        preparing.prepare_static_files(told.append)

    assert len(told) == 2
    assert len(list((tmp_path / "static").glob("page.*.css"))) == 2  # both, named by their content


def test_demo_is_loaded_through_its_own_command(monkeypatch):
    called = []
    monkeypatch.setattr(preparing, "get_commands", lambda: {"demo": "clearpath.config"})
    monkeypatch.setattr(preparing, "call_command", lambda *args, **_options: called.append(args))

    preparing.prepare_demo(print)

    assert called == [("demo", "load")]
