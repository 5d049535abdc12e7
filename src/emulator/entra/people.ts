import { tenant } from './tenant.ts';

/** Somebody who can sign in. */
export interface Person {
  readonly oid: string;
  readonly name: string;
  readonly username: string;
}

/** The sample people, the ordinary caller first. Fixed, so that what a client kept of them survives a restart. */
export const samplePeople: readonly Person[] = [
  { oid: tenant.userId, name: 'Ada Okafor', username: 'ada@contoso.example' },
  { oid: '1c6f8e57-9abc-4def-8012-3456789abcde', name: 'Björn Lindqvist', username: 'bjorn@contoso.example' },
  { oid: '2d7a9e57-9abc-4def-8012-3456789abcde', name: 'Chen Wei', username: 'chen@contoso.example' },
];

/** The sample person with this object id; anybody else gets a name all the same. */
export const personOf = (oid: string): Person =>
  samplePeople.find((person) => person.oid === oid) ?? {
    oid,
    name: 'Sample User',
    username: `user-${oid.slice(0, 8)}@contoso.example`,
  };
