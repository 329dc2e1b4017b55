"""`python -m landscape.locale` brings the .po files up to date with the source and says what they still lack."""

from pathlib import Path

from landscape.locale import LANGUAGES, catalogue_path
from landscape.locale.catalogue import faults, read, updated, write
from landscape.locale.extract import messages, sources

wanted = messages(sources(Path(__file__).parent.parent))
for language in LANGUAGES:
    if language == "en":
        continue
    path = catalogue_path(language)
    catalogue = updated(read(path.read_text(encoding="utf-8") if path.exists() else "", language), wanted)
    path.parent.mkdir(exist_ok=True)
    path.write_text(write(catalogue), encoding="utf-8")
    print(*faults(catalogue, wanted), f"{path}: {len(wanted)} texts", sep="\n")
