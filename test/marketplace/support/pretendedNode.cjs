Object.defineProperty(process.versions, 'node', { value: process.env.PRETENDED_NODE });
