/** The standing offer of a product, and the form for the next one. */
import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { Included } from '../browse/included.tsx';
import { PriceTable } from '../browse/price-table.tsx';
import { Terms } from '../subscribe/terms.tsx';
import { OfferForm } from './offer-form.tsx';
import { offerQuery } from './queries.ts';

export function OfferSection({ productId }: { productId: string }) {
  const offer = useQuery(offerQuery(productId));
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Section
      title="Price and terms"
      hint="A new price holds for new buyers. Who has subscribed keeps the price and the terms they accepted."
      aside={
        <Button variant="light" onClick={open} disabled={offer.data === undefined}>
          {offer.data ? 'Change price' : 'Set a price'}
        </Button>
      }
    >
      <Modal opened={isOpen} onClose={close} title="Price and terms" size="lg">
        <OfferForm productId={productId} standing={offer.data ?? null} done={close} />
      </Modal>
      <Asked query={offer}>
        {(standing) =>
          standing ? (
            <>
              <PriceTable offer={standing} />
              <Included entitlements={standing.entitlements} />
              <Terms text={standing.terms} />
              <Text size="xs" c="dimmed">
                In force since {day(standing.createdAt)}
              </Text>
            </>
          ) : (
            <Text size="sm" c="dimmed">
              No price yet. Charge by the hour a machine runs, by what your software reports, or both.
            </Text>
          )
        }
      </Asked>
    </Section>
  );
}
