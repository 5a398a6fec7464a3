/** How the portal looks: a harbour's teal, the system's own fonts, light or dark as the system is. */
import { createTheme, Container, Paper, Table } from '@mantine/core';

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
    Paper: Paper.extend({ defaultProps: { withBorder: true, p: 'lg' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm' } }),
  },
});
