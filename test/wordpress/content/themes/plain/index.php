<?php
/** The least that a theme may be: a head, and the thank-you page's action as WooCommerce's template calls it. */

?>
<!doctype html>
<html>
	<head><?php wp_head(); ?></head>
	<body>
		<?php
		if ( isset( $_GET['order'] ) ) {
			do_action( 'woocommerce_thankyou', (int) $_GET['order'] );
		}
		wp_footer();
		?>
	</body>
</html>
