<?php
/** Of a WooCommerce order, what the plugin asks, as WooCommerce documents it. Orders from 9000 have failed. */

class Order_Double {
	/** @var int */
	private $id;

	public function __construct( $id ) {
		$this->id = $id;
	}

	public function get_id() {
		return $this->id;
	}

	public function has_status( $statuses ) {
		return in_array( $this->id < 9000 ? 'processing' : 'failed', (array) $statuses, true );
	}

	public function get_customer_id() {
		return 1001 === $this->id ? 42 : 0;
	}

	public function get_total() {
		return '49.90';
	}

	public function get_currency() {
		return 'EUR';
	}

	public function get_date_created() {
		return new DateTime( '2026-11-20T10:00:00+01:00' );
	}
}
