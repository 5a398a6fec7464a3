/** The marketplace as its operator sees it. */
import { Page } from '../../ui/page.tsx';
import { ImageNotices } from '../publish/image-notices.tsx';
import { AllInvoices } from './all-invoices.tsx';
import { Platform } from './platform.tsx';
import { TrialBalance } from './trial-balance.tsx';

export const OperatePage = () => (
  <Page title="Operate" lead="What moves through the marketplace, and whether the book agrees.">
    <Platform />
    <ImageNotices />
    <AllInvoices />
    <TrialBalance />
  </Page>
);
