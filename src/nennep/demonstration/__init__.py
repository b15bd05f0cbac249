"""An invented organisation and its invented reports, the same every time, for trying the system out."""
