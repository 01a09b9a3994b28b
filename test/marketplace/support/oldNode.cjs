Object.defineProperty(process.versions, 'node', { value: '20.0.0' });
