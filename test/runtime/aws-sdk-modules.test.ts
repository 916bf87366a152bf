import { test } from 'vitest'
import { wantsBuiltInSdk } from '../../src/runtime/aws-sdk-modules.ts'
import type { PackageFile } from '../../src/runtime/package-modules.ts'

const script = (path: string, source: string): PackageFile => ({ path, kind: 'script', source })

test.for([
  { what: 'one that requires it', files: { 'index.js': "require('aws-sdk')" }, wants: true },
  {
    what: 'one that requires a part of it',
    files: { 'a.js': '"aws-sdk/clients/s3"' },
    wants: true,
  },
  {
    what: 'one with a dependency that does',
    files: { 'index.js': '', 'node_modules/a/index.js': "require('aws-sdk')" },
    wants: true,
  },
  { what: 'one that does not', files: { 'index.js': "require('async')" }, wants: false },
  {
    what: 'one that brings its own',
    files: { 'index.js': "require('aws-sdk')", 'node_modules/aws-sdk/lib/aws.js': '' },
    wants: false,
  },
  {
    what: 'one with its own only where others do not look',
    files: {
      'index.js': "require('aws-sdk')",
      'node_modules/a/node_modules/aws-sdk/lib/aws.js': '',
    },
    wants: true,
  },
])('The built-in SDK is for a package: $what → $wants', ({ files, wants }, { expect }) => {
  const packaged = Object.entries(files).map(([path, source]) => script(path, source))
  expect(wantsBuiltInSdk(packaged)).toBe(wants)
})
