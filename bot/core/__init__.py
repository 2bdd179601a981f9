"""What every room stands on: settings, councils, contacts, keys, time, links, ledger, refusals."""
