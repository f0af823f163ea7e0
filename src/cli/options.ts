export const JSON_OPTION = {
  json: { type: 'boolean', default: false, describe: 'print JSON, one object per line' },
} as const
