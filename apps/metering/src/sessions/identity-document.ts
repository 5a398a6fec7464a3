/**
 * Checks the RSA-2048 signature of an EC2 instance identity document: PKCS #7 with the document inside, made by one of the pinned
 * certificates. What the signature brings along to vouch for itself is thrown away.
 */
import { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';

const SHA256 = '2.16.840.1.101.3.4.2.1';
/** rsaEncryption, whose hash is the digest's, and sha256WithRSAEncryption. */
const RSA = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.11'];
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws Error when there is no certificate in `pem`, or one of them is malformed. */
export function certificatesIn(pem: string): pkijs.Certificate[] {
  const found = pem.match(PEM) ?? [];
  if (found.length === 0) throw new Error('There is no certificate in it.');
  return found.map((one) => pkijs.Certificate.fromBER(new X509Certificate(one).raw));
}

/**
 * @param signature base64 of the PKCS #7 structure, without header and footer.
 * @returns the text that was signed, or undefined when none of `pinned` signed any.
 */
export async function signedText(signature: string, pinned: pkijs.Certificate[]): Promise<string | undefined> {
  try {
    const envelope = pkijs.ContentInfo.fromBER(Buffer.from(signature, 'base64'));
    if (envelope.contentType !== pkijs.ContentInfo.SIGNED_DATA) return undefined;
    const signed = new pkijs.SignedData({ schema: envelope.content });
    const [signer, another] = signed.signerInfos;
    const text = signed.encapContentInfo.eContent?.getValue();
    if (!signer || another || !text || signed.encapContentInfo.eContentType !== pkijs.ContentInfo.DATA) return undefined;
    if (signer.digestAlgorithm.algorithmId !== SHA256 || !RSA.includes(signer.signatureAlgorithm.algorithmId)) return undefined;
    // The signer is looked up among these, by issuer and serial number.
    signed.certificates = pinned;
    return (await signed.verify({ signer: 0, checkChain: false })) ? Buffer.from(text).toString('utf8') : undefined;
  } catch {
    // Neither the ASN.1 reader nor the check says no but by throwing.
    return undefined;
  }
}
