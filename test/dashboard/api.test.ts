import { describe, expect, test } from 'vitest'
import { ApiError, api } from '../../dashboard/api.ts'

const answering =
  (text: string, status = 200) =>
  async () =>
    new Response(text, { status })

test('addresses are relative to the page, and its query and fragment stay behind', async () => {
  const asked: string[] = []
  const server = api('http://host/proxy/8080/?x=1#run=a', async (url) => {
    asked.push(String(url))
    return new Response('{"series":[]}')
  })
  await server.series('a&b/<i>')
  expect(asked).toEqual(['http://host/proxy/8080/api/series?run=a%26b%2F%3Ci%3E'])
})

describe('a failed request says', () => {
  const cases = [
    {
      name: 'what the server says',
      fetch: answering('{"error":"No such series.","hint":"Reload."}', 404),
      message: 'No such series. Reload.',
    },
    {
      name: 'that the answer cannot be read',
      fetch: answering('<html>', 502),
      message: '/api/runs gave an answer that cannot be read (HTTP 502).',
    },
    {
      name: 'that there is no answer',
      fetch: async () => Promise.reject(new TypeError('fetch failed')),
      message: 'The server does not answer.',
    },
  ]
  for (const { name, fetch, message } of cases) {
    test(name, async () => {
      await expect(api('http://host/', fetch).runs()).rejects.toThrow(new ApiError(message))
    })
  }
})
