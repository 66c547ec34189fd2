"""Files that go by email: encrypted, in a folder of this machine or in S3."""
