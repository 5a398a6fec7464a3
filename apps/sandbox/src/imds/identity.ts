/**
 * The instance identity document and its two signatures, made with one RSA key that stands for the region's. The key and its
 * self-signed certificate are made once and kept, so that a program which pins the certificate goes on trusting it.
 */
import { createPrivateKey, generateKeyPairSync, sign, webcrypto, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import type { Store } from '../store.ts';
import type { Instance } from '../ec2/instance-state.ts';

export const IDENTITY_TABLE = 'imds.identity';

interface KeyPair {
  privateKeyPem: string;
  certificatePem: string;
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

export class Identity {
  private constructor(
    private readonly keyPair: KeyPair,
    private readonly signingKey: webcrypto.CryptoKey,
    private readonly certificate: pkijs.Certificate,
  ) {}

  /** Reads the key from the store, or makes it. */
  static async of(store: Store): Promise<Identity> {
    const kept = store.table<KeyPair>(IDENTITY_TABLE);
    const keyPair = kept.get('key') ?? (await newKeyPair());
    kept.set('key', keyPair);
    const der = createPrivateKey(keyPair.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
    const signingKey = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
    const certificate = pkijs.Certificate.fromBER(new X509Certificate(keyPair.certificatePem).raw);
    return new Identity(keyPair, signingKey, certificate);
  }

  /** PEM of the certificate that both signatures are checked with. */
  get certificatePem(): string {
    return this.keyPair.certificatePem;
  }

  /** Base64 of RSA-SHA256 over the document's bytes. */
  signature(document: string): string {
    return sign('sha256', Buffer.from(document), this.keyPair.privateKeyPem).toString('base64');
  }

  /** Base64 of a PKCS #7 SignedData with the document inside and no certificate, as EC2 makes it. */
  async pkcs7(document: string): Promise<string> {
    const content = Buffer.from(document);
    const digest = await webcrypto.subtle.digest('SHA-256', content);
    const signed = new pkijs.SignedData({
      version: 1,
      encapContentInfo: new pkijs.EncapsulatedContentInfo({
        eContentType: pkijs.ContentInfo.DATA,
        eContent: new asn1js.OctetString({ valueHex: content }),
      }),
      signerInfos: [
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({ issuer: this.certificate.issuer, serialNumber: this.certificate.serialNumber }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({
            type: 0,
            attributes: [
              new pkijs.Attribute({
                type: OID.contentType,
                values: [new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA })],
              }),
              new pkijs.Attribute({ type: OID.messageDigest, values: [new asn1js.OctetString({ valueHex: digest })] }),
            ],
          }),
        }),
      ],
    });
    await signed.sign(this.signingKey, 0, 'SHA-256', content);
    const envelope = new pkijs.ContentInfo({ contentType: pkijs.ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
    return Buffer.from(envelope.toSchema().toBER()).toString('base64');
  }
}

const OID = { contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4', commonName: '2.5.4.3' };

/** The text that EC2 serves, in its order and spacing, times without milliseconds. */
export const identityDocument = (instance: Instance): string =>
  JSON.stringify(
    {
      accountId: instance.accountId,
      architecture: instance.architecture,
      availabilityZone: instance.zone,
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId: instance.imageId,
      instanceId: instance.instanceId,
      instanceType: instance.instanceType,
      kernelId: null,
      pendingTime: new Date(instance.launchedAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      privateIp: instance.privateIp,
      ramdiskId: null,
      region: instance.region,
      version: '2017-09-30',
    },
    null,
    2,
  ).replaceAll('": ', '" : ');

async function newKeyPair(): Promise<KeyPair> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const jwk = privateKey.export({ format: 'jwk' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']);
  const publicKey = await webcrypto.subtle.importKey('jwk', { kty: 'RSA', n: jwk.n, e: jwk.e }, ALGORITHM, true, ['verify']);
  const certificate = new pkijs.Certificate({ version: 2, serialNumber: new asn1js.Integer({ value: 1 }) });
  const name = new pkijs.AttributeTypeAndValue({
    type: OID.commonName,
    value: new asn1js.Utf8String({ value: 'Slipway sandbox instance identity' }),
  });
  certificate.issuer.typesAndValues.push(name);
  certificate.subject.typesAndValues.push(name);
  certificate.notBefore.value = new Date('2020-01-01T00:00:00Z');
  // Past 2049 X.509 writes years in another form, and a sandbox whose clock was moved must not outlive its certificate.
  certificate.notAfter.value = new Date('2049-12-31T00:00:00Z');
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  await certificate.sign(signingKey, 'SHA-256');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: new X509Certificate(Buffer.from(certificate.toSchema(true).toBER())).toString(),
  };
}
