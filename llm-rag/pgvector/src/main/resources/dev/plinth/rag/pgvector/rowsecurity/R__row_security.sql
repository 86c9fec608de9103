-- A connection sees and writes the rows of the tenant that its transaction has named, and none if it has named none.

DROP POLICY IF EXISTS ${name}_tenant ON "${schema}".${name}_chunk;
CREATE POLICY ${name}_tenant ON "${schema}".${name}_chunk USING (tenant = current_setting('plinth.tenant', true));
ALTER TABLE "${schema}".${name}_chunk ENABLE ROW LEVEL SECURITY;
ALTER TABLE "${schema}".${name}_chunk FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS ${name}_tenant ON "${schema}".${name}_source;
CREATE POLICY ${name}_tenant ON "${schema}".${name}_source USING (tenant = current_setting('plinth.tenant', true));
ALTER TABLE "${schema}".${name}_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE "${schema}".${name}_source FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS ${name}_tenant ON "${schema}".${name}_document;
CREATE POLICY ${name}_tenant ON "${schema}".${name}_document USING (tenant = current_setting('plinth.tenant', true));
ALTER TABLE "${schema}".${name}_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE "${schema}".${name}_document FORCE ROW LEVEL SECURITY;
