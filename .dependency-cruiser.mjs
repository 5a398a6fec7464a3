/** Who may import whom: ARCHITECTURE.md, "Imports". */
export default {
  forbidden: [
    // Types may know each other; code that needs each other to load may not.
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'domain-is-pure',
      comment: 'libs/domain imports nothing but itself',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'tables-know-domain',
      severity: 'error',
      from: { path: '^libs/tables/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/(tables|domain)/' },
    },
    {
      name: 'platform-knows-domain',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/(platform|domain|tables/columns)' },
    },
    {
      name: 'apps-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '\\.spec\\.ts$|/testing/|/testing\\.ts$' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'sandbox-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^apps/sandbox/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps/(?!sandbox/))' },
    },
    {
      name: 'sandbox-imports-no-vendor-sdk',
      severity: 'error',
      from: { path: '^apps/sandbox/', pathNot: '\\.spec(-help)?\\.ts$|/testing/' },
      to: { path: 'node_modules/(stripe|@aws-sdk)/' },
    },
    {
      name: 'portal-imports-domain-only',
      severity: 'error',
      from: { path: '^apps/portal/src' },
      to: { path: '^(libs/(?!domain/)|apps/(?!portal/))' },
    },
    {
      name: 'ec2-sdk-in-one-folder',
      severity: 'error',
      from: { path: '^(apps|libs|tools|story)/', pathNot: '^apps/launcher/src/ec2/|\\.spec(-help)?\\.ts$|/testing/' },
      to: { path: 'node_modules/@aws-sdk/client-(ec2|sts)/' },
    },
    {
      name: 'stripe-sdk-in-one-folder',
      severity: 'error',
      from: { path: '^(apps|libs|tools|story)/', pathNot: '^apps/billing/src/stripe/|\\.spec(-help)?\\.ts$|/testing/' },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'tests-stay-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$|^libs/testing/|/testing/|/testing\\.ts$' },
      to: { path: '^libs/testing/|\\.spec\\.ts$' },
    },
    {
      name: 'no-orphans-resolved',
      comment: 'an import that does not resolve',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.gen\\.ts$|/dist/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
