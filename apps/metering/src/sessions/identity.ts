/**
 * Instance identity documents: text that EC2 signs, which says which machine it was read on. Checked against certificates of our
 * own; those inside a signature are never trusted. (EC2 User Guide, "Verify the identity document", RSA-2048.)
 */
import { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { z } from 'zod';

const Document = z.object({
  accountId: z.string().regex(/^\d{12}$/),
  instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/),
  imageId: z.string().regex(/^ami-[0-9a-f]{8,17}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  pendingTime: z.iso.datetime().transform((text) => new Date(text)),
});
export type IdentityDocument = z.output<typeof Document>;

/** What is wrong with a proof of identity; the reason is for logs, callers learn only that it was refused. */
export class IdentityRefused extends Error {}

/**
 * @param document the text as the metadata service gave it, byte for byte.
 * @param signature base64 of the PKCS #7 SignedData that the metadata service serves as `rsa2048`.
 * @param certificates PEM, several one after the other; any of them may have signed.
 * @throws IdentityRefused
 */
export async function readIdentity({ document, signature, certificates }: { document: string; signature: string; certificates: string }): Promise<IdentityDocument> {
  const signed = parseSigned(signature);
  const content = signed.encapContentInfo.eContent?.getValue();
  if (!content || !Buffer.from(content).equals(Buffer.from(document))) throw new IdentityRefused('the signature is of another document');
  if (!(await isSignedByAny(signed, certificatesIn(certificates)))) throw new IdentityRefused('no pinned certificate has signed this');
  const read = Document.safeParse(parseJson(document));
  if (!read.success) throw new IdentityRefused('the document lacks what a machine is known by');
  return read.data;
}

/** @throws Error when a certificate cannot be read, so that a wrong file is noticed. */
export const certificatesIn = (pem: string): pkijs.Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((text) => pkijs.Certificate.fromBER(new X509Certificate(text).raw));

function parseSigned(signature: string): pkijs.SignedData {
  try {
    const envelope = pkijs.ContentInfo.fromBER(Buffer.from(signature, 'base64'));
    if (envelope.contentType !== pkijs.ContentInfo.SIGNED_DATA) throw new Error('not SignedData');
    const signed = new pkijs.SignedData({ schema: envelope.content as asn1js.Sequence });
    if (signed.signerInfos.length !== 1) throw new Error('not one signer');
    return signed;
  } catch (error) {
    throw new IdentityRefused(`the signature cannot be read: ${String(error)}`);
  }
}

async function isSignedByAny(signed: pkijs.SignedData, certificates: pkijs.Certificate[]): Promise<boolean> {
  for (const certificate of certificates) if (await isSignedBy(signed, certificate)) return true;
  return false;
}

async function isSignedBy(signed: pkijs.SignedData, certificate: pkijs.Certificate): Promise<boolean> {
  try {
    // Ours in place of whatever came along: the signer is looked for among these and nowhere else.
    signed.certificates = [certificate];
    return await signed.verify({ signer: 0, checkChain: false });
  } catch {
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
