"""`greenroom practise`: a full interview in the terminal, over the same API as the pages."""
