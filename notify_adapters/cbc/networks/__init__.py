"""One module a network, found through the entry-point group ``notify.networks``."""
