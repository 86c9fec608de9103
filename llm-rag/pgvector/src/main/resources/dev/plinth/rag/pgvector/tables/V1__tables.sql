-- The tables of one index. Texts that PostgreSQL cannot hold (U+0000, surrogates without their pair) are escaped.

-- What the index was made for: one row, written when it is opened first.
CREATE TABLE "${schema}".${name}_manifest (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  model text NOT NULL,
  dimensions integer NOT NULL,
  language text NOT NULL,
  format integer NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

-- A key is the SHA-256 of an id, which may be longer than an index takes.
CREATE TABLE "${schema}".${name}_chunk (
  tenant text COLLATE "C" NOT NULL,
  key bytea NOT NULL,
  id text NOT NULL,
  document_id text NOT NULL,
  source text NOT NULL,
  headings text[] NOT NULL,
  heading text NOT NULL, -- what of the headings is searched with the text
  text text NOT NULL,
  span integer[] NOT NULL, -- start, end, first and last line, first and last page
  parent_text text,
  parent_span integer[],
  metadata jsonb NOT NULL,
  embedding ${vector}(${dimensions}), -- of length 1; null: found by words only
  words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('${language}'::regconfig, heading || E'\n' || text)) STORED,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX ${name}_words ON "${schema}".${name}_chunk USING gin (words);
CREATE INDEX ${name}_metadata ON "${schema}".${name}_chunk USING gin (metadata jsonb_path_ops);
${embedding_index}

-- The sources an ingestion has brought documents from, and where their next list of changes starts.
CREATE TABLE "${schema}".${name}_source (
  tenant text COLLATE "C" NOT NULL,
  key bytea NOT NULL,
  name text COLLATE "C" NOT NULL,
  cursor text,
  at numeric, -- seconds since 1970; null: not gone through yet
  PRIMARY KEY (tenant, key)
);

-- What is known of their documents.
CREATE TABLE "${schema}".${name}_document (
  tenant text COLLATE "C" NOT NULL,
  source_key bytea NOT NULL,
  key bytea NOT NULL,
  id text COLLATE "C" NOT NULL,
  id_start text COLLATE "C" NOT NULL, -- its first characters: what an index takes
  stored_version text,
  stored_digest text,
  stored_prefix text,
  stored_chunks integer,
  stored_at numeric,
  pending_version text,
  pending_digest text,
  pending_prefix text,
  pending_chunks integer,
  pending_at numeric,
  failure_version text,
  failure_cause text,
  failure_times integer,
  failure_at numeric,
  PRIMARY KEY (tenant, source_key, key)
);
CREATE INDEX ${name}_document_id ON "${schema}".${name}_document (tenant, source_key, id_start);
