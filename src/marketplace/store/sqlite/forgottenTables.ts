/** The key is the database's own: without it nobody can find out by trying who was forgotten. */
export const forgottenTables = [
  'create table database_keys (name text primary key, key blob not null) strict, without rowid',
  'create table forgotten (hash blob primary key, forgotten_at integer not null) strict, without rowid',
];
