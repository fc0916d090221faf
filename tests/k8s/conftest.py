"""What needs a cluster runs where ``KUBECONFIG`` names one, what needs an engine for containers where ``DOCKER_HOST``
does; the images have to be there: docs/operators/install.md.
"""

import os

_NEEDS = {
    "KUBECONFIG": ["test_cluster.py", "test_drill.py", "test_upgrade.py"],
    "DOCKER_HOST": ["test_containers.py"],
}
collect_ignore = [name for variable, names in _NEEDS.items() if variable not in os.environ for name in names]
