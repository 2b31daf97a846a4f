"""Static files under names that hold their hash, the names inside the door's modules too."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """The door is made of modules that import one another: unhashed imports would fetch the files of another version.

    Django would rewrite imports in every script, and trips over those of a package that names a bare module.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("door/*.js", _IMPORTS))
    # Each pass settles one step of a chain of imports; the door's is longer than the five that Django expects.
    max_post_process_passes = 12
