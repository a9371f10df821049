"""Where does the data live, and with what means may a run work?

A value is taken from the first that has it: a flag on the command line (the caller passes it); the environment
(``SCHAKEL_HOME``, ``SCHAKEL_REGISTER``, ``SCHAKEL_THREADS``, ``SCHAKEL_MEMORY_LIMIT``, ``SCHAKEL_LANGUAGE``); ``config.toml`` in the platform's
configuration folder (another file by ``SCHAKEL_CONFIG``); the default. A proxy is not set here: ``HTTPS_PROXY``,
``HTTP_PROXY`` and ``NO_PROXY`` mean what they mean everywhere.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from schakel.errors import InputError

_REGISTER = "SCHAKEL_REGISTER"


def _folder(variable: str, linux: str, mac: str) -> Path:
    """Return the program's folder by the convention of the platform, read from the environment at each call."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "schakel"
    if sys.platform == "darwin":
        return Path.home() / mac / "schakel"
    given = Path(os.environ.get(variable) or "")
    return (given if given.is_absolute() else Path.home() / linux) / "schakel"  # the XDG rules ignore a relative path


def default_home() -> Path:
    """Return the data folder used when ``SCHAKEL_HOME`` is not set."""
    return _folder("XDG_DATA_HOME", ".local/share", "Library/Application Support")


def standing(path: Path) -> Path:
    """Return the nearest folder on a path that exists: the one that permission must be given for."""
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError):
            if folder.is_dir():
                return folder
    return path


def config_file() -> Path:
    """Return the path of the configuration file; it need not exist."""
    given = os.environ.get("SCHAKEL_CONFIG")
    if given:
        return Path(given).expanduser()
    return _folder("XDG_CONFIG_HOME", ".config", "Library/Application Support") / "config.toml"


class _File(TomlConfigSettingsSource):
    """The configuration file; its key ``register`` is read by the name the field has in the environment."""

    def __call__(self) -> dict[str, Any]:
        """Return what the file sets."""
        return {_REGISTER if key == "register" else key: value for key, value in super().__call__().items()}


class Settings(BaseSettings):
    """The settings of one run.

    Attributes
    ----------
    home
        Data folder: lake, register and downloads. Never inside the repository by default.
    threads
        Threads for the query engine; None leaves it to the engine (all cores).
    memory_limit
        Ceiling for the query engine, for example ``"2GB"``; None leaves it to the engine.
    language
        Language of names and pages where none is asked for.
    decisions
        Where the register stands, when not in ``home``: a file, or the URL of a database. It may hold a password, so it is
        shown nowhere; use `register`.
    """

    model_config = SettingsConfigDict(env_prefix="SCHAKEL_", env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home)
    threads: int | None = Field(default=None, ge=1, le=1024)
    memory_limit: str | None = Field(default=None, pattern=r"^\d+(\.\d+)?\s*[KMGT]i?B$")
    language: Literal["en", "nl"] = "en"
    # ``register`` is a method of every class, so no field can have that name.
    decisions: SecretStr | None = Field(default=None, validation_alias=_REGISTER, repr=False)

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))  # noqa: PTH100  (resolve() would follow links, which a user may have set on purpose)

    @property
    def lake(self) -> Path:
        """Folder of the lake."""
        return self.home / "lake"

    @property
    def downloads(self) -> Path:
        """Folder where downloads are kept and resumed."""
        return self.home / "downloads"

    @property
    def register(self) -> Path | str:
        """File of the register, or the URL of its database."""
        given = self.decisions.get_secret_value().strip() if self.decisions else ""
        if "://" in given:
            return given
        return Path(os.path.abspath(Path(given).expanduser())) if given else self.home / "register.sqlite"  # noqa: PTH100

    @property
    def has_register(self) -> bool:
        """Whether there is a register to read: a file that was made, or a database that was named."""
        where = self.register
        return isinstance(where, str) or where.exists()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the places a value may come from; ``.env`` files are not read."""
        return init_settings, env_settings, _File(settings_cls, config_file())


def known() -> tuple[str, ...]:
    """Return the names of the settings, as in the configuration file."""
    return tuple(sorted("register" if name == "decisions" else name for name in Settings.model_fields))


def load(**flags: Any) -> Settings:
    """Return the settings of this run; flags that are None count as not given.

    Raises
    ------
    InputError
        If a value is not of its kind, or the configuration file cannot be read.
    """
    try:
        return Settings(**{key: value for key, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        secret = name == _REGISTER
        name = "register" if secret else name
        raise InputError(
            f"setting {name!r} cannot be {'what was given' if secret else repr(first['input'])}: {first['msg']}",
            where=f"SCHAKEL_{name.upper()} in the environment, {config_file()}, or the command line",
            remedy="correct or remove it; the known settings are " + ", ".join(known()),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(
            f"the configuration file cannot be read: {error}",
            where=str(config_file()),
            remedy="correct or remove the file",
        ) from None
