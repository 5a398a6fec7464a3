/** How the portal looks: a harbour's teal, the system's own fonts, light or dark as the system is. */
import {
  Card,
  Container,
  createTheme,
  PasswordInput,
  Table,
  TableScrollContainer,
  type CSSVariablesResolver,
} from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif',
  headings: { fontWeight: '650' },
  colors: {
    harbour: ['#e6f8fa', '#d2edf1', '#a6dae3', '#77c7d4', '#51b6c8', '#39acc0', '#2aa6bc', '#0b7f93', '#077082', '#00606f'],
  },
  components: {
    Container: Container.extend({ defaultProps: { size: 'lg' } }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg' } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show what is typed' } },
    }),
    TableScrollContainer: TableScrollContainer.extend({ defaultProps: { type: 'native', minWidth: 0 } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm' } }),
  },
});

/** Quiet text that is still easy to read: at least 4.5 to 1 against the page, in light and in dark. */
export const readableDimmed: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5f676e' },
  dark: { '--mantine-color-dimmed': '#a3a9af' },
});
