"""Files by email: a message carries a link, and a page of ours hands the file over."""
