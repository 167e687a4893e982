"""What the window shows and decides, without Qt: answers checked, words, notices, search, the order's flow."""
