/** Key pairs: made here or brought along, shown and deleted. A launch copies the public key onto the machine. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { filtered } from './filters.ts';
import { filters, flag, tagSpecifications, text } from './input.ts';
import { addTags, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { newId, placeOf } from './world.ts';

export interface KeyPair {
  number: number;
  keyPairId: string;
  accountId: string;
  region: string;
  name: string;
  type: 'rsa' | 'ed25519';
  fingerprint: string;
  /** One line, as in an authorized_keys file. */
  publicKey: string;
  createdAt: number;
}

const keyName = text.min(1).max(255, 'at most 255 characters are expected');

export const keyPairActions: Actions = {
  CreateKeyPair: action(
    {
      KeyName: keyName,
      KeyType: z.enum(['rsa', 'ed25519']).default('rsa'),
      KeyFormat: z.literal('pem').optional(),
      TagSpecification: tagSpecifications,
    },
    (call, input) => {
      const tags = specifiedTags(input.TagSpecification, ['key-pair'])['key-pair'] ?? {};
      mustBeNew(call, input.KeyName);
      const { privateKey, ...made } = input.KeyType === 'rsa' ? newRsaKey() : newEd25519Key();
      return { ...saved(call, { name: input.KeyName, type: input.KeyType, ...made }, tags), keyMaterial: privateKey };
    },
  ),

  ImportKeyPair: action({ KeyName: keyName, PublicKeyMaterial: text, TagSpecification: tagSpecifications }, (call, input) => {
    const tags = specifiedTags(input.TagSpecification, ['key-pair'])['key-pair'] ?? {};
    mustBeNew(call, input.KeyName);
    return saved(call, { name: input.KeyName, ...readKey(input.PublicKeyMaterial) }, tags);
  }),

  DescribeKeyPairs: action(
    {
      KeyName: z.array(text).optional(),
      KeyPairId: z.array(text).optional(),
      IncludePublicKey: flag.default(false),
      Filter: filters,
    },
    (call, input) => {
      const all = call.world.find.keyPairs.get(placeOf(call));
      for (const name of input.KeyName ?? []) keyPairNamed(call, name);
      const unknown = input.KeyPairId?.find((id) => !all.some((pair) => pair.keyPairId === id));
      if (unknown) throw new VendorError('InvalidKeyPair.NotFound', `The key pair ID '${unknown}' does not exist`);
      const named = all.filter(
        (pair) => (input.KeyName?.includes(pair.name) ?? true) && (input.KeyPairId?.includes(pair.keyPairId) ?? true),
      );
      const fields = {
        'key-name': (pair: KeyPair) => [pair.name],
        'key-pair-id': (pair: KeyPair) => [pair.keyPairId],
        fingerprint: (pair: KeyPair) => [pair.fingerprint],
      };
      const shown = filtered(named, input.Filter, fields, (pair) => tagsOf(call, pair.keyPairId));
      return {
        keySet: shown.map((pair) => ({
          ...written(pair),
          keyType: pair.type,
          createTime: new Date(pair.createdAt),
          publicKey: input.IncludePublicKey ? pair.publicKey : undefined,
          tagSet: tagSet(tagsOf(call, pair.keyPairId)),
        })),
      };
    },
  ),

  // EC2 takes the deletion of a pair that does not exist as done.
  DeleteKeyPair: action({ KeyName: text.optional(), KeyPairId: text.optional() }, (call, input) => {
    if (input.KeyName === undefined && input.KeyPairId === undefined) {
      throw new VendorError('MissingParameter', 'The request must contain the parameter KeyName');
    }
    const gone = call.world.find.keyPairs
      .get(placeOf(call))
      .find((pair) => pair.name === input.KeyName || pair.keyPairId === input.KeyPairId);
    if (gone) call.world.keyPairs.delete(gone.keyPairId);
    return { return: true, keyPairId: gone?.keyPairId };
  }),
};

/** @throws VendorError InvalidKeyPair.NotFound. */
export function keyPairNamed(call: Call, name: string): KeyPair {
  const pair = find(call, name);
  if (!pair) throw new VendorError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  return pair;
}

const find = (call: Call, name: string): KeyPair | undefined =>
  call.world.find.keyPairs.get(placeOf(call)).find((pair) => pair.name === name);

function mustBeNew(call: Call, name: string): void {
  if (find(call, name)) throw new VendorError('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
}

type NewPair = Pick<KeyPair, 'name' | 'type' | 'fingerprint' | 'publicKey'>;

function saved(call: Call, pair: NewPair, tags: Record<string, string>) {
  const { world, accountId, region, now } = call;
  const number = world.store.next('key-pair');
  const made: KeyPair = { number, keyPairId: newId('key'), accountId, region, ...pair, createdAt: now.getTime() };
  world.keyPairs.set(made.keyPairId, made);
  addTags(call, made.keyPairId, tags);
  return { ...written(made), tagSet: tagSet(tags) };
}

const written = ({ keyPairId, name, fingerprint }: KeyPair) => ({ keyPairId, keyName: name, keyFingerprint: fingerprint });

/** The fingerprint of a pair made at EC2 is over its private key (EC2 User Guide, "Verify the fingerprint"). */
function newRsaKey(): { privateKey: string; publicKey: string; fingerprint: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return { privateKey: pem, publicKey: lineOf(parsed(pem)), fingerprint: inPairs(createHash('sha1').update(der).digest('hex')) };
}

function newEd25519Key(): { privateKey: string; publicKey: string; fingerprint: string } {
  const made = ssh2.utils.generateKeyPairSync('ed25519');
  const key = parsed(made.private);
  return { privateKey: made.private, publicKey: lineOf(key), fingerprint: sha256Of(key) };
}

/** @throws VendorError InvalidKey.Format for what is neither RSA nor ED25519. */
function readKey(material: string): Pick<KeyPair, 'type' | 'fingerprint' | 'publicKey'> {
  const key = parsed(Buffer.from(material, 'base64').toString().trim());
  if (key.type === 'ssh-ed25519') return { type: 'ed25519', publicKey: lineOf(key), fingerprint: sha256Of(key) };
  if (key.type !== 'ssh-rsa') throw badKey();
  const der = createPublicKey(key.getPublicPEM()).export({ type: 'spki', format: 'der' });
  return { type: 'rsa', publicKey: lineOf(key), fingerprint: inPairs(createHash('md5').update(der).digest('hex')) };
}

function parsed(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
  const [first] = Array.isArray(key) ? key : [key];
  if (!first || first instanceof Error) throw badKey();
  return first;
}

const badKey = (): VendorError => new VendorError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');

const lineOf = (key: ParsedKey): string => `${key.type} ${key.getPublicSSH().toString('base64')}`;

const sha256Of = (key: ParsedKey): string => createHash('sha256').update(key.getPublicSSH()).digest('base64');

const inPairs = (hex: string): string => hex.match(/../g)?.join(':') ?? '';
