"""What the server does, as plain functions: first `db`, then whose data, then values, `now` last."""
