"""What suppliers bring. Each writes it its own way, which its adapter reads; what is answered is alike."""

from notify_entrypoints.http.schemas.parts import Schema, answered, one_of

RECEIPT: Schema = {"description": "In the words of the supplier that the path names."}

TAKEN = answered({"result": one_of("success")}, title="ReceiptTaken")
