CREATE TABLE conversation (
    conversation_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    share_token TEXT UNIQUE
);
CREATE INDEX conversation_of_owner ON conversation (owner, updated_at);
CREATE TABLE turn (
    conversation_id TEXT NOT NULL REFERENCES conversation (conversation_id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (conversation_id, position)
);
