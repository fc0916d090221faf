"""What needs a cluster runs where ``KUBECONFIG`` names one; the images have to be there: docs/operators/install.md."""

import os

collect_ignore = [] if "KUBECONFIG" in os.environ else ["test_cluster.py", "test_drill.py", "test_upgrade.py"]
